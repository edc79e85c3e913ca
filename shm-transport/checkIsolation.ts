import { platform } from './platform.ts';

/** How long `checkIsolation` waits for the page's headers. */
export const ISOLATION_CHECK_TIMEOUT_MS = 5_000;

/** Whether threads can share memory here, and if not, why. */
export interface Isolation {
  readonly isolated: boolean;
  /** What the page would need, such as `Cross-Origin-Opener-Policy: same-origin`, as far as that could be found out. */
  readonly missing: string[];
  /** One sentence for a person. */
  readonly message: string;
}

const OPENER_POLICY = 'Cross-Origin-Opener-Policy';
const EMBEDDER_POLICY = 'Cross-Origin-Embedder-Policy';
const ISOLATING: Readonly<Record<string, readonly string[]>> = {
  [OPENER_POLICY]: ['same-origin'],
  [EMBEDDER_POLICY]: ['require-corp', 'credentialless'],
};

/** What this needs of a browser. */
interface Web {
  readonly isSecureContext?: boolean;
  readonly location?: { readonly href: string };
  readonly window?: unknown;
  readonly top?: unknown;
}

/**
 * Tells whether links of this thread go over rings in shared memory, which a page has only if it is cross-origin
 * isolated: served with two headers, over https or from localhost. If it isn't, the page's own URL is asked for its
 * headers, to name those that are missing. In Node it is always so. Ask in the page: workers have its isolation.
 * Never rejects.
 */
export async function checkIsolation(): Promise<Isolation> {
  if (platform.canShareMemory) return { isolated: true, missing: [], message: 'threads can share memory' };
  const web = globalThis as unknown as Web;
  const missing: string[] = [];
  if (web.isSecureContext === false) missing.push('a secure context: https, or localhost');
  const isPage = web.window !== undefined;
  const found = isPage ? await missingHeaders(web) : undefined;
  missing.push(...(found ?? []));
  if (isPage && web.top !== web.window) {
    missing.push('the same of every page around this frame, and allow="cross-origin-isolated" on the frame');
  }
  const why =
    missing.length > 0 ? `it lacks ${missing.join('; ')}` : `it needs ${describe(OPENER_POLICY, EMBEDDER_POLICY)}`;
  const doubt = found === undefined ? ' (its headers could not be read)' : '';
  return { isolated: false, missing, message: `this page is not cross-origin isolated: ${why}${doubt}` };
}

/** The headers that the page's URL does not answer with; undefined if it does not answer. */
async function missingHeaders({ location }: Web): Promise<string[] | undefined> {
  try {
    const signal = AbortSignal.timeout(ISOLATION_CHECK_TIMEOUT_MS);
    const { headers } = await fetch(location?.href ?? '', { method: 'HEAD', signal });
    return [OPENER_POLICY, EMBEDDER_POLICY]
      .filter((name) => !ISOLATING[name]?.includes(policyIn(headers.get(name))))
      .map((name) => describe(name));
  } catch {
    return undefined;
  }
}

/** The policy without what it reports to. */
function policyIn(header: string | null): string {
  return (header ?? '').split(';', 1)[0]?.trim() ?? '';
}

function describe(...names: string[]): string {
  return names.map((name) => `${name}: ${ISOLATING[name]?.join(' or ')}`).join(' and ');
}
