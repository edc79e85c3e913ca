import { suite, type TestOptions } from '../support/suite.ts';
import type { Ground } from './Ground.ts';
import { Target, type TargetOptions } from './Target.ts';

/** Defines a test with a target of its own, of which nothing may be left when it is over. */
export type DefineAttack = (
  name: string,
  options: TargetOptions,
  attack: (target: Target) => Promise<void>,
  testOptions?: TestOptions,
) => void;

/** A suite of attacks over `ground`, run at once. */
export function attackTests(ground: Ground, name: string, define: (attack: DefineAttack) => void): void {
  const test = suite(`hostile peers over ${ground.name}: ${name}`);
  define((title, options, attack, testOptions) => {
    const run = async (): Promise<void> => {
      const target = await Target.start(ground, options);
      await attack(target);
      await target.finish();
    };
    test(title, run, testOptions);
  });
  test.run();
}
