/** What a socket has, and perhaps whatever an application uses instead of one. */
interface Holder {
  ref?(): unknown;
  unref?(): unknown;
  readonly _handle?: { hasRef?(): boolean } | null | undefined;
}

/** Has a socket keep the process alive no more. Returns whether it did. */
export function letGo(socket: Holder | undefined): boolean {
  if (!socket?.unref || socket._handle?.hasRef?.() === false) return false;
  socket.unref();
  return true;
}

/** Has a socket keep the process alive again. */
export function hold(socket: Holder | undefined): void {
  socket?.ref?.();
}
