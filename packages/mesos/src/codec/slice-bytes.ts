/** Events of up to so many bytes are decoded in one go, which takes less than a millisecond; larger ones in slices of about this size. */
export const SLICE_BYTES = 32 * 1024;
