import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import type { InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
import { MySQL2Instrumentation } from '@opentelemetry/instrumentation-mysql2';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { failureOf, serveCommands, waitUntil } from '@pool-lifeguard/testkit';
import { createRequire } from 'node:module';
import type * as mysql2 from 'mysql2';
import type { Pool, PoolOptions } from 'mysql2';
import { guard } from '../../src/index.ts';
import { ask, askOne, borrow, execute } from '../support/calls.ts';
import { driverFile } from '../support/driver.ts';

/** How the pool of one run is watched and guarded, and in which order. */
export interface Plan {
  readonly options: PoolOptions;
  readonly order: readonly ('instrument' | 'create' | 'guard')[];
}

/** A span as far as runs can be compared. */
export interface SeenSpan {
  readonly name: string;
  readonly parent: string;
  readonly failed: boolean;
  readonly query: unknown;
}

const require = createRequire(import.meta.url);
const exporter = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
const tracer = trace.getTracer('test');

/** Does by hand what the loader hook of OpenTelemetry does, at a moment of our choice. */
function instrument(): void {
  const { _modules: modules } = new MySQL2Instrumentation() as unknown as {
    readonly _modules: readonly InstrumentationNodeModuleDefinition[];
  };
  for (const { patch, files } of modules) {
    patch?.(require('mysql2'));
    for (const file of files) file.patch(require(driverFile(file.name.replace('mysql2/', ''))));
  }
}

async function run({ options, order }: Plan): Promise<SeenSpan[]> {
  const driver = require('mysql2') as typeof mysql2;
  let pool: Pool | undefined;
  let handle: ReturnType<typeof guard> | undefined;
  for (const step of order) {
    if (step === 'instrument') instrument();
    if (step === 'create') pool = driver.createPool(options);
    if (step === 'guard' && pool) handle = guard(pool);
  }
  if (!pool) throw new Error('the plan creates no pool');
  await work(pool);
  if (handle) await waitUntil(() => handle.stats().waitTimeoutMs);
  pool.end();
  return seen();
}

async function work(pool: Pool): Promise<void> {
  await within('pool.query', () => askOne(pool, 'SELECT 1'));
  await within('pool.execute', () => execute(pool, 'SELECT ? + 1', [1]));
  await within('failing', () => failureOf(ask(pool, 'nonsense')));
  await within('connection', async () => {
    const connection = await borrow(pool);
    await ask(connection, 'SELECT 2');
    connection.release();
  });
  await within('stream', async () => {
    for await (const row of pool.query('SELECT 3').stream()) void row;
  });
  await Promise.all([
    within('first', () => askOne(pool, 'SELECT 4')),
    within('waiter', () => askOne(pool, 'SELECT 5')),
  ]);
}

function within(name: string, act: () => Promise<unknown>): Promise<unknown> {
  const span = tracer.startSpan(name);
  return context.with(trace.setSpan(context.active(), span), act).finally(() => span.end());
}

function seen(): SeenSpan[] {
  const spans = exporter.getFinishedSpans();
  const nameOf = (id: string | undefined): string =>
    spans.find((span) => span.spanContext().spanId === id)?.name ?? 'none';
  return spans
    .filter((span) => span.attributes['db.query.text'] !== undefined)
    .map(({ name, attributes, status, parentSpanContext }) => ({
      name,
      parent: nameOf(parentSpanContext?.spanId),
      failed: status.code === SpanStatusCode.ERROR,
      query: attributes['db.query.text'],
    }));
}

serveCommands({ run });
