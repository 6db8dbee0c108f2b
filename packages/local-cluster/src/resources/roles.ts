// What a role may look like (src/common/roles.cpp).

/** Why `role` is no valid role, in Mesos's words; undefined when it is one. */
export function roleError(role: string): string | undefined {
  if (role === '*') return undefined;
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  if (role.includes('//')) return `Role '${role}' cannot contain two adjacent slashes`;
  if (role === '') return 'Role names cannot be the empty string';
  for (const component of role.split('/')) {
    if (component === '.' || component === '..' || component === '*') return `Role '${role}' cannot include '${component}' as a component`;
    if (component.startsWith('-')) return `Role component '${component}' is invalid because it starts with a dash`;

    if (/[\u0009-\u000d\u0020\u007f]/.test(component))
      return `Role component '${component}' is invalid because it contains backspace or whitespace`;
  }
  return undefined;
}

/** `a/b` is one of `a`. */
export const isStrictSubroleOf = (role: string, above: string): boolean => role.startsWith(`${above}/`);
