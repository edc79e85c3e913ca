/** The code of the ERROR frame that an error came from, wherever an implementation keeps it. */
export function errorCodeOf(error: unknown): number | undefined {
  const { code, errorCode, source } = error as {
    code?: unknown;
    errorCode?: number;
    source?: { readonly code: number };
  };
  return errorCode ?? source?.code ?? (typeof code === 'number' ? code : undefined);
}

/** What the peer said in it. */
export function errorMessageOf(error: Error & { source?: { readonly message: string } }): string {
  return error.source?.message ?? error.message;
}
