/** How a connection of rsocket-core 0.0.27 is, as its `connectionStatus()` tells. CLOSED and ERROR are the end. */
export type ConnectionStatus =
  | { readonly kind: 'NOT_CONNECTED' | 'CONNECTING' | 'CONNECTED' | 'CLOSED' }
  | { readonly kind: 'ERROR'; readonly error: Error };

/** Each status but ERROR; the names are that library's. */
export const CONNECTION_STATUS: Readonly<
  Record<'NOT_CONNECTED' | 'CONNECTING' | 'CONNECTED' | 'CLOSED', ConnectionStatus>
> = {
  NOT_CONNECTED: Object.freeze({ kind: 'NOT_CONNECTED' }),
  CONNECTING: Object.freeze({ kind: 'CONNECTING' }),
  CONNECTED: Object.freeze({ kind: 'CONNECTED' }),
  CLOSED: Object.freeze({ kind: 'CLOSED' }),
};

/** True if no other status follows. */
export function isOver({ kind }: ConnectionStatus): boolean {
  return kind === 'CLOSED' || kind === 'ERROR';
}
