/** Which features requests may use in histories. */
export const landed = {
  quantities: false,
  priority: true,
  alone: false,
  constraints: false,
  roles: false,
  revocable: false,
  licences: false,
  deadline: false,
  health: true,
  split: false,
};
