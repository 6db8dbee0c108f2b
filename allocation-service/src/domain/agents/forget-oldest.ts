/**
 * Keeps a map, whose keys are in the order of their age, at about `most` entries. Many are forgotten at once: a map's
 * iterator has to pass all that was deleted before the first entry, which for one at a time would take ever longer.
 */
export const forgetOldest = (map: Map<string, unknown>, most: number): void => {
  if (map.size <= most * 1.1) return;
  for (const key of map.keys()) {
    map.delete(key);
    if (map.size <= most) return;
  }
};
