/** What a history is mostly about: actions with weights of their own, whatever the weather. */
export interface Theme {
  readonly weights: Readonly<Record<string, number>>;
  /** How many of the requests have a start command that is made for their host, and how many a health check. */
  readonly deferred: number;
  readonly checked: number;
}

export const everything: Theme = { weights: {}, deferred: 0.15, checked: 0.15 };

/** One history in so many is about each. */
export const themes: readonly Theme[] = [
  everything,
  everything,
  // Tasks that no record knows.
  {
    weights: { stranger: 20, 'adopt unknown tasks': 40, 'kill unknown tasks': 1, 'task ends': 12, scale: 4 },
    deferred: 0.05,
    checked: 0.05,
  },
  // Agents that come and go while what runs on them is given back.
  {
    weights: {
      'agent lost': 4,
      'agent returns': 8,
      'agent registers again': 4,
      'give back': 8,
      settle: 10,
      'killed task ends': 0.3,
      allocate: 6,
    },
    deferred: 0.05,
    checked: 0.05,
  },
  // Early deaths.
  {
    weights: {
      'bad agent': 15,
      'task ends': 8,
      settle: 20,
      allocate: 8,
      'give back': 4,
      'task becomes unhealthy': 5,
      'task becomes healthy': 0.3,
    },
    deferred: 0.05,
    checked: 0.6,
  },
  // Crashes where they are rare otherwise.
  {
    weights: {
      'crash at a rare effect': 150,
      'crash between effects': 60,
      'crash after a write': 20,
      settle: 10,
      allocate: 10,
      'give back': 5,
    },
    deferred: 0.5,
    checked: 0.05,
  },
];
