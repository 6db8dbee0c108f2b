export interface ScalingConfig {
  readonly num_of_node: number;
  readonly general_config?: { readonly cpu_of_node?: number; readonly mem_of_node?: number };
  /** How many there are of each counted licence. */
  readonly licences?: Readonly<Record<string, number>>;
}

/** What GET /api/v1/config/runtime answers. */
export interface RuntimeCounts {
  readonly num_of_node: number;
  readonly num_of_live_node: number;
  /** Only while nodes of another size are being replaced. */
  readonly rolling?: { readonly of_old_size: number; readonly waiting: number };
}

export const describeRuntime = ({ num_of_node: wanted, num_of_live_node: live, rolling }: RuntimeCounts): string => {
  const roll =
    rolling === undefined
      ? ''
      : `; ${rolling.of_old_size} of the old size still to be replaced, ${rolling.waiting} of the new size waiting for an offer`;
  return `${live} of ${wanted} nodes live${roll}`;
};

export interface WantedScaling {
  readonly nodes: number;
  readonly cpus?: number | undefined;
  readonly mem?: number | undefined;
  readonly licences?: Readonly<Record<string, number>> | undefined;
}

/** What is not said stays as it is. */
export const scalingConfig = ({ nodes, cpus, mem, licences }: WantedScaling): ScalingConfig => ({
  num_of_node: nodes,
  ...(cpus === undefined && mem === undefined
    ? {}
    : { general_config: { ...(cpus === undefined ? {} : { cpu_of_node: cpus }), ...(mem === undefined ? {} : { mem_of_node: mem }) } }),
  ...(licences === undefined ? {} : { licences }),
});

export type ScalingProgress =
  | { readonly kind: 'done' }
  | { readonly kind: 'under-way'; readonly text: string }
  /** Somebody else asked for another number since: waiting on would not help. */
  | { readonly kind: 'superseded'; readonly text: string };

/** Done when as many nodes live as are wanted, all of them of the size that is wanted. */
export const scalingProgress = (wanted: number, runtime: RuntimeCounts): ScalingProgress => {
  const { num_of_node: configured, num_of_live_node: live, rolling } = runtime;
  if (configured !== wanted)
    return { kind: 'superseded', text: `the config was changed meanwhile: it says ${configured} nodes, not ${wanted}` };
  return live === wanted && rolling === undefined ? { kind: 'done' } : { kind: 'under-way', text: describeRuntime(runtime) };
};
