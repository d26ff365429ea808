import { statementsOf } from './sql-text.ts';

/** What one SQL text means for the session it runs in; read conservatively, from the text alone. */
export interface StatementEffects {
  /** Names of the session state it creates, as shown to the user when that state is lost. */
  readonly creates: readonly string[];
  /** Session state it gives up. */
  readonly drops: readonly string[];
  /** It reads what earlier statements left in the session, so it means nothing in another one. */
  readonly readsSession: boolean;
  /** It only ends a transaction by undoing it, which losing the connection has done already. */
  readonly rollsBack: boolean;
}

const NONE: StatementEffects = { creates: [], drops: [], readsSession: false, rollsBack: false };

/** Without any of these a statement cannot concern the session; most pass this one test. */
const CONCERNS_SESSION =
  /@|\b(?:set|use|begin|start|commit|rollback|temporary|lock|unlock|flush|call|get_lock|release_lock|release_all_locks|is_used_lock|prepare|execute|deallocate|handler|last_insert_id|lastval|currval|previous|row_count|found_rows|connection_id|warnings|errors)\b/i;

type Rule = readonly [name: string, pattern: RegExp];

/** Session state by the statement that creates it; SET has rules of its own below. */
const CREATES: readonly Rule[] = [
  ['user variables', /(?<![@\w])@[\w.$]+\s*:=|\binto\s+@(?!@)/i],
  ['the default database', /^\s*use\b/i],
  ['temporary tables', /^\s*create\s+(?:or\s+replace\s+)?temporary\b/i],
  ['table locks', /^\s*lock\s+(?:tables?|instance)\b/i],
  ['table locks', /^\s*flush\s+tables?\b[\s\S]*\b(?:with\s+read\s+lock|for\s+export)\b/i],
  ['named locks', /\bget_lock\s*\(/i],
  ['prepared statements', /^\s*prepare\b/i],
  // What these run, no text shows.
  ['what it executed', /^\s*execute\s+immediate\b/i],
  ['what a procedure left', /^\s*(?:set\s+statement\b[\s\S]*\bfor\s+)?call\b/i],
  ['open handlers', /^\s*handler\b[\s\S]*\bopen\b/i],
];

const DROPS: readonly Rule[] = [
  ['table locks', /^\s*unlock\s+(?:tables?|instance)\b/i],
  ['named locks', /\brelease_all_locks\s*\(/i],
  // A one-shot SET TRANSACTION is used up by the transaction that follows it.
  ['the transaction settings', /^\s*(?:begin|start\s+transaction|commit|rollback)\b/i],
];

/** A SET that leaves nothing in the session. */
const SETS_NOTHING =
  /^\s*set\s+(?:password|statement|default\s+role|resource\s+group|global\s+transaction)\b/i;
const SETS_TRANSACTION = /^\s*set\s+transaction\b/i;

/** The items of a SET: of the server, of the user's variables, or of the session. */
const GLOBAL_ITEM =
  /^\s*(?:(?:global|persist|persist_only)\s|@@(?:global|persist|persist_only)\.)/i;
const USER_ITEM = /^\s*@(?!@)/;
const SESSION_ITEM = /^\s*(?:[@\w.]+\s*:?=|(?:session|local|names|character|charset|role)\b)/i;

const READS_SESSION =
  /\blast_insert_id\s*\(\s*\)|\bprevious\s+value\s+for\b|\.\s*currval\b|\b(?:lastval|row_count|found_rows|release_lock|is_used_lock)\s*\(|(?<![@\w])@(?!@)[\w.$]|@@(?:session\.|local\.)?(?:identity|last_insert_id|insert_id|warning_count|error_count)\b|^\s*show\s+(?:count\s*\(\s*\*\s*\)\s+)?(?:warnings|errors)\b|^\s*(?:execute(?!\s+immediate\b)|deallocate)\b/i;
const USES_CONNECTION_ID = /\bconnection_id\s*\(/i;
const BARE_CONNECTION_ID = /^\s*select\s+connection_id\s*\(\s*\)\s*(?:(?:as\s+)?\w+)?\s*$/i;
/** In a SET, what stands before the sign is written, not read. */
const ASSIGNED = /(?<![@\w])@[\w.$]+\s*:?=/g;
const IS_SET = /^\s*set(?=[\s@])/i;
const BEGINS = /^\s*(?:begin|start\s+transaction|xa\s+(?:start|begin))\b/i;
const TRANSACTION_EDGE =
  /^\s*(?:begin|start\s+transaction|xa|commit|rollback(?!\s+(?:work\s+)?to\b))\b/i;
const ROLLS_BACK = /^\s*rollback\b(?!\s+(?:work\s+)?to\b)/i;

/** Reads one SQL text, which may hold several statements. */
export function readStatement(sql: string): StatementEffects {
  if (!CONCERNS_SESSION.test(sql)) return NONE;
  const statements = statementsOf(sql);
  const [first = ''] = statements;
  return {
    creates: [...new Set(statements.flatMap(created))],
    drops: statements.flatMap((statement) => named(DROPS, statement)),
    readsSession: statements.some(readsSession),
    rollsBack: statements.length === 1 && ROLLS_BACK.test(first),
  };
}

/** The text of most results; quickly told, whatever its length. */
function isOneSelect(sql: string): boolean {
  return /^\s*select\b/i.test(sql) && !sql.includes(';');
}

/** Whether a text leaves a transaction open that it began. */
export function beginsTransaction(sql: string): boolean {
  if (isOneSelect(sql)) return false;
  if (!/\b(?:begin|start|xa)\b/i.test(sql)) return false;
  const last = statementsOf(sql).findLast((statement) => TRANSACTION_EDGE.test(statement));
  return last !== undefined && BEGINS.test(last);
}

/** Whether a text ends a transaction and begins no other one. */
export function endsTransaction(sql: string): boolean {
  if (isOneSelect(sql)) return false;
  if (!/\b(?:commit|rollback)\b/i.test(sql)) return false;
  const last = statementsOf(sql).findLast((statement) => TRANSACTION_EDGE.test(statement));
  return last !== undefined && /^\s*(?:commit|rollback)\b(?![\s\S]*\band\s+chain\b)/i.test(last);
}

/** What certainly leaves a transaction open; all else may commit, by itself or in what it calls. */
const KEEPS_TRANSACTION =
  /^\s*\(*\s*(?:select|insert|update|delete|replace|with|values|table|show|explain|describe|desc|do|savepoint|release\s+savepoint|rollback)\b/i;

/** Whether a text may end a transaction by storing it. */
export function mayEndTransaction(sql: string): boolean {
  return statementsOf(sql).some((statement) => !KEEPS_TRANSACTION.test(statement));
}

/** Whether a text is one rollback and nothing else, be it to a savepoint. */
export function rollsBack(sql: string): boolean {
  if (!/\brollback\b/i.test(sql)) return false;
  const statements = statementsOf(sql);
  return statements.length === 1 && /^\s*rollback\b/i.test(statements[0] ?? '');
}

/** Whether a statement only rolls back. */
export function isRollback(sql: string | undefined): boolean {
  return sql !== undefined && readStatement(sql).rollsBack;
}

function named(rules: readonly Rule[], statement: string): string[] {
  return rules.filter(([, pattern]) => pattern.test(statement)).map(([name]) => name);
}

function created(statement: string): string[] {
  const names = named(CREATES, statement);
  if (!IS_SET.test(statement) || SETS_NOTHING.test(statement)) return names;
  if (SETS_TRANSACTION.test(statement)) return [...names, 'the transaction settings'];
  for (const item of statement.replace(IS_SET, '').split(',')) {
    if (USER_ITEM.test(item)) names.push('user variables');
    else if (!GLOBAL_ITEM.test(item) && SESSION_ITEM.test(item)) names.push('session variables');
  }
  return names;
}

function readsSession(statement: string): boolean {
  if (USES_CONNECTION_ID.test(statement)) return !BARE_CONNECTION_ID.test(statement);
  return READS_SESSION.test(IS_SET.test(statement) ? statement.replace(ASSIGNED, '') : statement);
}
