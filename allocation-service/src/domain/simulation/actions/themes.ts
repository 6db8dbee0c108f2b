/** What a history is mostly about: actions with weights of their own, whatever the weather. */
export interface Theme {
  readonly weights: Readonly<Record<string, number>>;
  /** How many of the requests have a start command that is made for their host, and how many a health check. */
  readonly deferred: number;
  readonly checked: number;
  /** How much of all other troubles there is. */
  readonly troubles: number;
  /** How long its storms are, compared with others. */
  readonly length: number;
}

const about = (weights: Theme['weights'], more: Partial<Theme> = {}): Theme => ({
  weights,
  deferred: 0.05,
  checked: 0.05,
  troubles: 1,
  length: 1,
  ...more,
});

/** One history in so many is about each. */
export const themes: readonly [Theme, ...Theme[]] = [
  about({}, { deferred: 0.15, checked: 0.15 }),
  // What comes twice, late or not at all.
  about({
    'message doubled': 10,
    'messages swapped': 4,
    'framework removed': 0.5,
    'second leader': 0.6,
    'crash after a write': 4,
    allocate: 15,
    settle: 1,
  }),
  // Tasks that no record knows.
  about(
    {
      stranger: 20,
      'adopt unknown tasks': 40,
      'kill unknown tasks': 2,
      'task ends': 8,
      scale: 4,
      'task starts': 10,
      'time goes on': 6,
      tick: 6,
    },
    { troubles: 0.5, length: 2 },
  ),
  // Agents that come and go while what runs on them is given back.
  about(
    {
      'agent lost': 4,
      'agent returns': 8,
      'agent registers again': 4,
      'give back': 8,
      settle: 10,
      'killed task ends': 0.2,
      allocate: 8,
      scale: 3,
      'maintenance is planned or over': 2,
      'time goes on': 4,
      tick: 6,
    },
    { troubles: 0.3, length: 2 },
  ),
  // Early deaths.
  about(
    {
      'bad agent': 2,
      'task ends': 3,
      settle: 20,
      allocate: 8,
      'give back': 3,
      'task becomes unhealthy': 5,
      'task becomes healthy': 0.3,
      'time goes on': 5,
      tick: 6,
    },
    { checked: 0.6, troubles: 0.3, length: 2 },
  ),
  // Crashes where they are rare otherwise.
  about(
    { 'crash at a rare effect': 100, 'crash between effects': 4, 'crash after a write': 1, allocate: 8, acknowledge: 8 },
    { deferred: 0.5, troubles: 0.1, length: 4 },
  ),
];
