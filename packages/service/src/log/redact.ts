const credentialsInUrl = /([a-zA-Z][a-zA-Z0-9+.-]*:\/\/)([^\s/@"'\\]*):([^\s/"'\\]*)@/g;

/** The text with the password of every URL in it replaced. */
export const redactUrls = (text: string): string => text.replace(credentialsInUrl, '$1$2:***@');

/** A secret setting's value as far as it may be shown: nothing that stands before an @, whatever it is. */
export const redactSecret = (value: string): string => {
  const at = value.lastIndexOf('@');
  if (at < 0) return value;
  const scheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.exec(value)?.[0] ?? '';
  return `${scheme}***@${value.slice(at + 1)}`;
};
