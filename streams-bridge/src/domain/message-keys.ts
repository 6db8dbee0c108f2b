/** The keys of the product's message catalogue that a resource manager answers with: the code, and the text with {n} for argument n. */
export const messageKeys = {
  ERR_RM_UNEXPECTED_ERROR: { code: 'CDISR6000E', text: 'The {0} resource manager met an unexpected error.' },
  ERR_RM_UNEXPECTED_ERROR_WITH_MSG: { code: 'CDISR6001E', text: 'The {0} resource manager met an error: {1}' },
  ERR_RM_IS_NOT_AVAILABLE: { code: 'CDISR6002E', text: 'The {0} resource manager is not available.' },
  ERR_RM_UNSUPPORTED_TAG_DEF_TYPE: { code: 'CDISR6004E', text: 'The {0} resource manager does not support the format {2} of the tag {1}.' },
  ERR_RM_UNSUPPORTED_TAG_ATTRIBUTE: {
    code: 'CDISR6005E',
    text: 'The {0} resource manager does not support the attribute {2} of the tag {1}.',
  },
  ERR_RM_UNSUPPORTED_ATTRIBUTE_VALUE: {
    code: 'CDISR6006E',
    text: 'The {0} resource manager does not support the value {3} of the attribute {2} of the tag {1}.',
  },
  ERR_RM_REQUIRES_NUMERIC_ATTRIBUTE: { code: 'CDISR6007E', text: 'The attribute {2} of the tag {1} must be a number but is {3}.' },
  ERR_RM_TAG_NAME_UKNOWN: { code: 'CDISR6009E', text: 'The tag {0} is defined but is not one of the names of the request.' },
  ERR_CUSTOM_COMMAND_FAILED: { code: 'CDISR6011E', text: 'The {0} resource manager could not complete the request: {1}' },
  ERR_RM_ACTIVELY_MANAGING_RESOURCES: {
    code: 'CDISR6020E',
    text: 'The {0} resource manager is managing resources: stop the domains that use them, or stop it by force.',
  },
  ERR_RM_MASTER_RESOURCE_NOT_ALLOCATED: { code: 'CDISR6027E', text: 'The master resource of the domain {0} could not be allocated.' },
} as const;

/** `UKNOWN` is the catalogue's own spelling. */
export type MessageKey = keyof typeof messageKeys;

/** The text of a message, in English whatever the locale of the request. */
export const messageText = (key: MessageKey, args: readonly string[]): string =>
  messageKeys[key].text.replace(/\{(\d)\}/g, (_, index: string) => args[Number(index)] ?? '');
