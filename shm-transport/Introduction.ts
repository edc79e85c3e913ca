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

/** What each of the two says to the introducer in the end. */
export interface IntroductionAnswer {
  readonly flysocket: 'introduced';
  readonly id: number;
  /** Why this side did not open the link, if it did not. */
  readonly refusal?: LinkRefusal;
}

/** Whether that is an introduction whose invitation can be answered. */
export function isIntroduction(note: unknown): note is Introduction {
  return isNamed(note, 'introduction') && isInvitation((note as { invitation?: unknown }).invitation);
}

/** Whether that is an answer to some introduction. */
export function isIntroductionAnswer(note: unknown): note is IntroductionAnswer {
  return isNamed(note, 'introduced');
}

function isNamed(note: unknown, name: string): boolean {
  return typeof note === 'object' && note !== null && (note as { flysocket?: unknown }).flysocket === name;
}
