// The script that a candidate's process runs: loads any subject and does to it what it is told.
import { serveCommands } from '../../child/serve-commands.ts';
import type { CandidateCommands } from '../orders.ts';
import type { Subject } from '../subject.ts';
import { ArmedPlans } from './armed-plans.ts';
import { perform } from './perform.ts';
import { SteadyLoad } from './steady-load.ts';
import { PoolTarget } from './targets.ts';
import type { Target } from './targets.ts';

type Handlers = {
  [Name in keyof CandidateCommands]: (
    order: CandidateCommands[Name]['order'],
  ) => CandidateCommands[Name]['answer'] | Promise<CandidateCommands[Name]['answer']>;
};

const [, , module = '', way = ''] = process.argv;
const { subject } = (await import(module)) as { readonly subject: Subject };

const targets = new Map<string, Target>();
const loads = new Map<string, SteadyLoad>();
const armed = new ArmedPlans(targetOf);

const handlers: Handlers = {
  async open(order) {
    targets.set(order.name, await PoolTarget.open(subject, way, order));
  },
  async hold({ name, pool }) {
    targets.set(name, await poolOf(pool).hold());
  },
  async refresh() {
    await Promise.all([...targets.values()].map((target) => target.refresh()));
  },
  run: (plan) => perform(targetOf(plan.on), plan),
  arm: (plans) => armed.arm(plans),
  go: () => armed.go(),
  block: (order) => armed.block(order),
  collect: (name) => armed.collect(name),
  startLoad(order) {
    loads.set(order.on, new SteadyLoad(targetOf(order.on), order));
  },
  async stopLoad(name) {
    const load = loads.get(name);
    if (!load) throw new Error(`there is no load on ${name}`);
    return load.stop();
  },
  stats: (name) => poolOf(name).stats(),
  async closeAll() {
    // Held connections first; nobody waits for what a fault has left hanging.
    const closing = [...targets.values()].toReversed().map((target) => target.close());
    targets.clear();
    const patience = new Promise((resolve) => setTimeout(resolve, 1_000).unref());
    await Promise.race([Promise.allSettled(closing), patience]);
  },
  exit: () => process.exit(),
};

serveCommands(handlers);

function targetOf(name: string): Target {
  const target = targets.get(name);
  if (!target) throw new Error(`nothing is open under the name ${name}`);
  return target;
}

function poolOf(name: string): PoolTarget {
  const target = targetOf(name);
  if (!(target instanceof PoolTarget)) throw new Error(`${name} is not a pool`);
  return target;
}
