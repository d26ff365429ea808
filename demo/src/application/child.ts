import { serveCommands } from '@pool-lifeguard/testkit';
import { Application } from './application.ts';
import type { ApplicationOptions, OpenOptions } from './application.ts';
import type { Visit } from './users.ts';

// The application in a process of its own, so that it can be frozen.

let started: Application | undefined;

const application = (): Application => {
  if (!started) throw new Error('the application is not started yet');
  return started;
};

serveCommands({
  async start(options: ApplicationOptions) {
    started = await Application.start(options);
  },
  open: (options: OpenOptions) => application().open(options),
  close: () => application().close(),
  visit: (visit: Visit) => application().visit(visit),
  visitLater: (visit: Visit & { readonly afterMs: number }) => application().visitLater(visit),
  visited: () => application().visited(),
  compute: (visit: Visit & { readonly forMs: number }) => application().compute(visit),
  startJob: () => application().startJob(),
  finishJob: (times: number) => application().finishJob(times),
  log: () => application().log(),
});
