import { errorMonitor } from 'node:events';
import type { FailedStatement, PoolGuard } from '@pool-lifeguard/core';
import type { Command, Connection } from './mysql2-shapes.ts';

type Watch = PoolGuard<Connection>['watch'];

const never = (): boolean => false;

/**
 * Watches the commands of one connection: all of them, whatever sent them, pass `addCommand`.
 * Returns the function that stops it.
 */
export function watchCommands(connection: Connection, watch: Watch): () => void {
  const { addCommand, _addCommandClosedState: refuse } = connection;
  const streams = new Set<Command>();
  const watched = function (this: Connection, command: Command): Command {
    watchCommand(this, command, watch, streams);
    return addCommand.call(this, command);
  };
  // mysql2 listens for one 'error' only; the second one would be nobody's and end the process.
  const lost = (error: Error): void => {
    for (const command of streams) tell(command, error);
    streams.clear();
  };
  const refused = function (this: Connection, command: Command): void {
    if (command.onResult) {
      // It passes no `addCommand` any more.
      watchCommand(this, command, watch, streams);
      refuse.call(this, command);
    } else tell(command, closedState());
  };
  connection.addCommand = watched;
  connection._addCommandClosedState = refused;
  connection.on('error', lost);
  return () => {
    const own: Partial<Connection> = connection;
    // Once closed, the driver puts its refusal in the place of `addCommand`.
    if (own.addCommand === watched) delete own.addCommand;
    if (own._addCommandClosedState === refused) delete own._addCommandClosedState;
    connection.removeListener('error', lost);
  };
}

function watchCommand(
  connection: Connection,
  command: Command,
  watch: Watch,
  streams: Set<Command>,
): void {
  if (isStatement(command)) watch.sent(connection, command.sql);
  if (typeof command.onResult === 'function') watchResult(connection, command, watch);
  else watchStream(connection, command, watch, streams);
}

/** A command with a callback, as nearly every statement is: one closure is made for it. */
function watchResult(connection: Connection, command: Command, watch: Watch): void {
  const { onResult = never } = command;
  let done = false;
  const watched: Command['onResult'] = function (this: unknown, error, ...results): void {
    // mysql2 answers twice when a connection is lost after a query's own timeout, and for an execute
    // whose prepare was lost.
    if (done || (error && isGivenUp(command))) return;
    done = true;
    if (error) watch.failed(connection, error, failedStatement(command));
    else answered(connection, command, watch, results[0]);
    onResult.call(this, error, ...results);
  };
  // In two steps: V8 takes a function literal that is assigned to a property for one that lives
  // long, and each would keep all that its statement made until the next full garbage collection.
  command.onResult = watched;
}

/** A command without callback tells by its events how it ended. */
function watchStream(
  connection: Connection,
  command: Command,
  watch: Watch,
  streams: Set<Command>,
): void {
  streams.add(command);
  command.once('end', () => {
    if (streams.delete(command)) answered(connection, command, watch, undefined);
  });
  // A monitor sees errors without being taken for somebody who handles them.
  command.once(errorMonitor, (error: Error) => {
    streams.delete(command);
    watch.failed(connection, error, failedStatement(command));
  });
}

function answered(connection: Connection, command: Command, watch: Watch, result: unknown): void {
  if (isStatement(command)) return watch.answered(connection, statusOf(command, result));
  if (isKnownPrepare(command)) return;
  const restarts = restartOf(command);
  if (restarts) watch.restarted(connection, restarts.as);
  else watch.heard(connection);
}

/** What failed, where it was a statement. mysql2 sends one command at a time, each when it starts. */
function failedStatement(command: Command): FailedStatement | undefined {
  if (isStatement(command)) return { sql: command.sql, reach: command.next ? 'alone' : 'unsent' };
  // A prepare executes nothing; it fails in the name of the statement that waits for it.
  return typeof command.query === 'string' ? { sql: command.query, reach: 'unsent' } : undefined;
}

/** Whether it has a text of the application's; a ping has none. */
function isStatement(command: Command): command is Command & { readonly sql: string } {
  return typeof command.sql === 'string';
}

/**
 * Tells a command without callback that its connection is lost, which mysql2 does not: its stream
 * would neither end nor fail. Where nobody listens for errors, nobody waits either.
 */
function tell(command: Command, error: Error): void {
  process.nextTick(() => {
    if (command.listenerCount('error') === 0) return;
    command.emit('error', error);
    command.emit('end');
  });
}

/** As mysql2 says it to commands that have a callback. */
function closedState(): Error {
  const message = "Can't add new command when connection is in closed state";
  return Object.assign(new Error(message), { fatal: true });
}

/** Whether it is a prepare that the driver answered by itself, from a statement it has: no number came. */
function isKnownPrepare(command: Command): boolean {
  return typeof command.query === 'string' && command.id === 0;
}

/** Whether it is an execute whose prepare failed, which was its answer: it is not to start any more. */
function isGivenUp(command: Command): boolean {
  return Object.hasOwn(command, 'start');
}

/** Whether a command lets the session begin anew, and what a fresh connection would lack then. */
function restartOf(command: Command): { as?: string } | undefined {
  if ('currentConfig' in command) return { as: 'the user and database of changeUser()' };
  return command.constructor.name === 'ResetConnection' ? {} : undefined;
}

/** The status flags of an answer: of its last part that shows them, which result sets do not. */
function statusOf(command: Command, result: unknown): number | undefined {
  if (command._resultIndex && Array.isArray(result)) return result.findLast(isHeader)?.serverStatus;
  return isHeader(result) ? result.serverStatus : undefined;
}

/** An OK packet; rows, which are the usual result, are quickly told. */
function isHeader(part: unknown): part is { serverStatus: number } {
  return (
    typeof part === 'object' &&
    part !== null &&
    !Array.isArray(part) &&
    'affectedRows' in part &&
    'serverStatus' in part &&
    typeof part.serverStatus === 'number'
  );
}
