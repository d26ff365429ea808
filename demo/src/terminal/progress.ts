import { Listr } from 'listr2';
import type { ListrTask } from 'listr2';

/** A step that people see while it runs. */
export interface Step {
  readonly title: string;
  /** Does it; `say` tells what happens meanwhile. Returns what to add to the title, if anything. */
  run(say: (text: string) => void): Promise<string | undefined>;
}

/** Runs the steps in order: a live list on a terminal, plain lines anywhere else. */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  const tasks = steps.map(({ title, run }): ListrTask => ({
    title,
    async task(_, task) {
      const say = (text: string): void => void (task.output = text);
      const added = await run(say);
      if (added) task.title = `${title}: ${added}`;
    },
  }));
  const options = { fallbackRenderer: 'simple', registerSignalListeners: false } as const;
  await new Listr(tasks, options).run();
}
