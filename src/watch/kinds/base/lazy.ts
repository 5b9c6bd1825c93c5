/** Makes it when first asked for, then keeps it; what throws is tried again. */
export function lazy<T>(make: () => T): () => T {
  let made: { is: T } | undefined;
  return () => {
    made ??= { is: make() };
    return made.is;
  };
}
