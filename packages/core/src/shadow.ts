/**
 * Puts a method of our own in front of an object's, as an own property of that object, and returns
 * the function that takes it away again, which leaves the object as it was.
 *
 * Where somebody else has patched the same method after us, ours cannot be taken out from under
 * his; it stays, and must by itself do nothing but call the original from then on.
 */
export function shadow<T extends object, Name extends keyof T & string>(
  target: T,
  name: Name,
  replacement: T[Name],
): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, {
    value: replacement,
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? false,
  });
  return () => {
    if (target[name] !== replacement) return;
    if (before) Object.defineProperty(target, name, before);
    else delete target[name];
  };
}
