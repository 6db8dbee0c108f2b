/** The answer to an operator's call about an agent. */
export interface OperatorAnswer {
  readonly status: 200 | 400 | 404 | 409;
  readonly body: string;
}
