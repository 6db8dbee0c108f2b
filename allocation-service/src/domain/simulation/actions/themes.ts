/** What a history is mostly about: actions with weights of their own, whatever the weather. */
export interface Theme {
  readonly weights: Readonly<Record<string, number>>;
  /** How many of the requests have a start command that is made for their host, and how many a health check. */
  readonly deferred: number;
  readonly checked: number;
  /** How many requests are settled as soon as they are accepted. */
  readonly eager: number;
  /** How much of all other troubles there is. */
  readonly troubles: number;
  /** How much faster or slower than usual each ordinary thing may be. */
  readonly paces: readonly number[];
  /** How long its storms are, compared with others. */
  readonly length: number;
}

const about = (weights: Theme['weights'], more: Partial<Theme> = {}): Theme => ({
  weights,
  deferred: 0.05,
  checked: 0.05,
  eager: 0.3,
  troubles: 1,
  paces: [0.05, 0.3, 1, 1, 2],
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
      'maintenance is planned or over': 0,
      'adopt unknown tasks': 40,
      'kill unknown tasks': 2,
      'task ends': 12,
      scale: 4,
      'task starts': 10,
      'time goes on': 1.5,
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
      scale: 6,
      'agent lost under a kill': 25,
      'task ends while its agent is away': 6,
      'agent lost under a task that is not ready': 15,
      'maintenance is planned or over': 2,
      'time goes on': 1.5,
      tick: 6,
    },
    { eager: 0.8, checked: 0.3, troubles: 0.3, paces: [0.3, 1, 1, 2], length: 2 },
  ),
  // Early deaths.
  about(
    {
      'bad agent': 2,
      'crash before a rare effect': 30,
      'crash after a rare effect': 60,
      'maintenance is planned or over': 0,
      'task ends': 2,
      'task dies before it is ready': 10,
      'give back what is not ready': 12,
      settle: 20,
      allocate: 8,
      'give back': 1,
      'task becomes unhealthy': 5,
      'task becomes healthy': 0.3,
      'time goes on': 1.5,
      tick: 6,
    },
    { checked: 0.6, eager: 0.9, troubles: 0.3, paces: [0.3, 1, 1, 2], length: 2 },
  ),
  // Crashes where they are rare otherwise.
  about(
    {
      'crash before a rare effect': 45,
      'crash after a rare effect': 200,
      'maintenance is planned or over': 0.5,
      'crash between effects': 4,
      'crash after a write': 1,
      allocate: 8,
      acknowledge: 8,
      'time goes on': 3,
      'give back': 3,
    },
    { deferred: 0.5, eager: 0.9, troubles: 0.1, paces: [1, 1, 2], length: 4 },
  ),
  // The same where resources become ALLOCATED, which takes some peace.
  about(
    {
      'crash before a rare effect': 0,
      'crash after a rare effect': 0,
      'crash between effects': 0,
      'crash with news for clients': 300,
      'maintenance is planned or over': 0,
      'task ends': 5,
      allocate: 8,
      'time goes on': 10,
    },
    { deferred: 0.1, checked: 0, eager: 0.9, troubles: 0.03, paces: [1, 1, 2], length: 4 },
  ),
];
