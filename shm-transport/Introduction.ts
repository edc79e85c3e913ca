/**
 * The notes by which a thread links two of its peers with each other (docs/wire/link.md):
 *
 *   introducer   --- Introduction (id, invitation) --->   each of the two
 *   introducer   <--- IntroductionAnswer (id) ---------   each, once the new link is open there or will never be
 */
import { isInvitation, type LinkInvitation, type LinkRefusal } from './LinkInvitation.ts';

export interface Introduction {
  readonly flysocket: 'introduction';
  /** Chosen by the introducer, given back in the answer. */
  readonly id: number;
  readonly invitation: LinkInvitation;
}

export interface IntroductionAnswer {
  readonly flysocket: 'introduced';
  readonly id: number;
  /** Why this side did not open the link, if it did not. */
  readonly refusal?: LinkRefusal;
}

export function isIntroduction(note: unknown): note is Introduction {
  return isNamed(note, 'introduction') && isInvitation((note as { invitation?: unknown }).invitation);
}

export function isIntroductionAnswer(note: unknown): note is IntroductionAnswer {
  return isNamed(note, 'introduced');
}

function isNamed(note: unknown, name: string): boolean {
  return typeof note === 'object' && note !== null && (note as { flysocket?: unknown }).flysocket === name;
}
