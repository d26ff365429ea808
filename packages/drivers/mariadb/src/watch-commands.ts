import type { FailedStatement, PoolGuard } from '@pool-lifeguard/core';
import { Sends, type Sent } from './sends.ts';
import type { AddCommand, Command, Connection } from './mariadb-shapes.ts';

type Watch = PoolGuard<Connection>['watch'];

/**
 * Watches the commands of one connection: all of them, whatever sent them, pass `addCommand`. The
 * driver replaces that method as the connection's state changes, so it is watched as a property.
 * Returns the function that stops it.
 */
export function watchCommands(connection: Connection, watch: Watch): () => void {
  const sends = new Sends(connection);
  const bare = new WeakMap<AddCommand, AddCommand>();
  const wrap = (add: AddCommand): AddCommand => {
    if (add === connection.addCommandQueue) return add;
    const wrapped: AddCommand = (command, expectsAnswer) => {
      const sent = sends.note(command);
      if (expectsAnswer && connection.isValid()) watchCommand(connection, command, watch, sent);
      return add.call(connection, command, expectsAnswer);
    };
    bare.set(wrapped, add);
    return wrapped;
  };
  let current = wrap(connection.addCommand);
  Object.defineProperty(connection, 'addCommand', {
    configurable: true,
    enumerable: true,
    get: () => current,
    set(add: AddCommand) {
      current = bare.has(add) ? add : wrap(add);
    },
  });
  return () => {
    sends.stop();
    Object.defineProperty(connection, 'addCommand', {
      configurable: true,
      enumerable: true,
      writable: true,
      value: bare.get(current) ?? current,
    });
  };
}

function watchCommand(connection: Connection, command: Command, watch: Watch, sent: Sent): void {
  const sql = statementOf(command);
  if (sql !== undefined) watch.sent(connection, sql);
  command.once('end', (error?: Error) => {
    if (error) return watch.failed(connection, error, failedStatement(command, sent));
    // The flags are those of this answer, also behind a result set.
    if (sql !== undefined) return watch.answered(connection, connection.info.status);
    if ('readResetResponsePacket' in command) return watch.restarted(connection);
    if ('configAssign' in command) {
      return watch.restarted(connection, 'the user and database of changeUser()');
    }
    return watch.heard(connection);
  });
}

/** What failed, where it was a statement, or was sent for one. */
function failedStatement({ sql }: Command, sent: Sent): FailedStatement | undefined {
  return typeof sql === 'string' ? { sql, reach: sent.reach() } : undefined;
}

/** The text of a command that the server runs: not of a ping, and not of a prepare. */
function statementOf(command: Command): string | undefined {
  const { sql } = command;
  return typeof sql === 'string' && !('readPrepareResultPacket' in command) ? sql : undefined;
}
