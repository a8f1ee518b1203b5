/**
 * cdktf takes a whole stack trace for each of some ten thousand tokens, so that an error may say where one was made: two fifths of a
 * synthesis, more where source maps are read for it. What fails here says stack and resource anyway; so none are taken.
 *
 * @param synthesize synchronous: nothing else runs meanwhile
 */
export function withoutTraces<T>(synthesize: () => T): T {
  const { captureStackTrace } = Error;
  Error.captureStackTrace = () => undefined;
  try {
    return synthesize();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
}
