/** What arrives is what `structuredClone` gives, for every value, or what it throws. */
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.ts';
import { cloneCases } from './clones/cloneCases.ts';
import { graphs, trees } from './graphArbitrary.ts';
import { type Outcome, outcomeOf, RoundTrip } from './roundTrip.ts';
import { differenceOfClones } from './sameClone.ts';

const test = suite('structuredClone');
const RUNS = Number(process.env['FLYSOCKET_SPEC_RUNS'] ?? 150);

function difference(actual: Outcome, expected: Outcome): string | undefined {
  if (!('error' in expected)) {
    return 'error' in actual ? `threw ${actual.error}` : differenceOfClones(actual.value, expected.value);
  }
  if (!('error' in actual)) return `nothing thrown instead of ${expected.error}`;
  return describe(actual.error) === describe(expected.error)
    ? undefined
    : `${describe(actual.error)} instead of ${describe(expected.error)}`;
}

function describe(error: unknown): string {
  const { name, code, message } = error as DOMException;
  return `${(error as object).constructor.name} ${name} ${code}: ${message}`;
}

// The two errors that are compared are made in two places.
Error.stackTraceLimit = 0;

test('each value, by its way', () => {
  const trip = new RoundTrip();
  const wrong: string[] = [];
  for (const [name, make, way] of cloneCases) {
    const actual = outcomeOf(() => trip.of(make()));
    const found = difference(
      actual,
      outcomeOf(() => structuredClone(make())),
    );
    if (found !== undefined) wrong.push(`${name}: ${found}`);
    const taken = 'error' in actual ? 'throws' : trip.way;
    if (!way.split(' or ').includes(taken)) wrong.push(`${name}: went ${taken}, not ${way}`);
  }
  trip.close();
  assert.equal(wrong, []);
});

function agrees(trip: RoundTrip, value: unknown): void {
  assert.is(
    difference(
      outcomeOf(() => trip.of(value)),
      outcomeOf(() => structuredClone(value)),
    ),
    undefined,
  );
}

test('any graph', () => {
  const trip = new RoundTrip();
  let serialized = 0;
  fc.assert(
    fc.property(graphs, (value) => {
      agrees(trip, value);
      if (trip.way === 'SERIALIZED') serialized++;
    }),
    { numRuns: RUNS },
  );
  trip.close();
  assert.ok(serialized > RUNS / 30, `only ${serialized} of ${RUNS} were serialized`);
});

test('any tree', () => {
  const trip = new RoundTrip();
  let serialized = 0;
  fc.assert(
    fc.property(trees, (value) => {
      agrees(trip, value);
      if (trip.way === 'SERIALIZED') serialized++;
    }),
    { numRuns: RUNS },
  );
  trip.close();
  assert.ok(serialized > RUNS / 10, `only ${serialized} of ${RUNS} were serialized`);
});

test.run();
