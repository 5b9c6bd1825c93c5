/** For programs that tests start with an environment of their own: what Node compiled once is not compiled again. */
export const compileCache = (): Record<string, string> => {
  const folder = process.env.NODE_COMPILE_CACHE;
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
};
