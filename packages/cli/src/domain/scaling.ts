export interface ScalingConfig {
  readonly num_of_node: number;
  readonly general_config?: { readonly cpu_of_node?: number; readonly mem_of_node?: number };
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

export const scalingConfig = (nodes: number, cpus: number | undefined, mem: number | undefined): ScalingConfig => ({
  num_of_node: nodes,
  ...(cpus === undefined && mem === undefined
    ? {}
    : { general_config: { ...(cpus === undefined ? {} : { cpu_of_node: cpus }), ...(mem === undefined ? {} : { mem_of_node: mem }) } }),
});

export type ScalingProgress =
  | { readonly kind: 'done' }
  | { readonly kind: 'under-way'; readonly text: string }
  /** Somebody else asked for another number since: waiting on would not help. */
  | { readonly kind: 'superseded'; readonly text: string };

export const scalingProgress = (wanted: number, { num_of_node: configured, num_of_live_node: live }: RuntimeCounts): ScalingProgress => {
  if (configured !== wanted)
    return { kind: 'superseded', text: `the config was changed meanwhile: it says ${configured} nodes, not ${wanted}` };
  return live === wanted ? { kind: 'done' } : { kind: 'under-way', text: `${live} of ${wanted} nodes live` };
};
