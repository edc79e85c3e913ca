/** Colours by their names in the style sheet, which has them for light and for dark. */
export const INK = 'var(--ink)';
export const PAPER = 'var(--paper)';
export const FAINT = 'var(--faint)';
export const GOAL = 'var(--goal)';

const OURS: readonly string[] = shades('ours', 4);
const THEIRS: readonly string[] = shades('theirs', 7);

function shades(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, shade) => `var(--${name}-${shade + 1})`);
}

/** Whether a contender is of this library, by its name. */
export function isOurs(name: string): boolean {
  return /flysocket|drain queue|^a service in|a ring each/i.test(name);
}

/** A colour for each name: blue and green ours, warm and grey the others. */
export function coloursOf(names: readonly string[]): Map<string, string> {
  const colours = new Map<string, string>();
  const ours = names.filter(isOurs);
  for (const name of names) {
    const [shadesOfIts, peers] = isOurs(name) ? [OURS, ours] : [THEIRS, names.filter((each) => !isOurs(each))];
    colours.set(name, shadesOfIts[peers.indexOf(name) % shadesOfIts.length] as string);
  }
  return colours;
}
