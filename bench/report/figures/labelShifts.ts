/** Where a label wants to be, in pixels. */
export interface LabelBox {
  readonly left: number;
  readonly right: number;
  readonly middle: number;
}

const LABEL_HEIGHT = 15;

/** By how much each label has to move down so that none lies on another: in pixels. Those side by side stay. */
export function labelShifts(boxes: readonly LabelBox[]): number[] {
  const shifts = boxes.map(() => 0);
  const placed: LabelBox[] = [];
  const order = boxes.map((_, index) => index).sort((a, b) => middleOf(boxes, a) - middleOf(boxes, b));
  for (const index of order) {
    const { left, right, middle: wanted } = boxes[index] as LabelBox;
    let middle = wanted;
    for (const other of placed) {
      const isBeside = other.right < left || other.left > right;
      if (!isBeside) middle = Math.max(middle, other.middle + LABEL_HEIGHT);
    }
    shifts[index] = middle - wanted;
    placed.push({ left, right, middle });
  }
  return shifts;
}

function middleOf(boxes: readonly LabelBox[], index: number): number {
  return (boxes[index] as LabelBox).middle;
}
