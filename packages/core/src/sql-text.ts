/** Where a quoted text, a quoted name or a comment begins. Comments that the server executes do not. */
const OPENER = /['"`#]|--(?=\s|$)|\/\*(?!M?!)/g;
/** Comments that the server executes: what is inside is a statement's own text. */
const EXECUTED = /\/\*M?!\d*|\*\//g;

/**
 * The statements of an SQL text, with every quoted text and name replaced by `x` and without
 * comments, so that patterns meet nothing but SQL. Takes time linear in the text, of any length.
 */
export function statementsOf(sql: string): readonly string[] {
  return unquoted(sql)
    .replace(EXECUTED, ' ')
    .split(';')
    .filter((statement) => statement.trim() !== '');
}

function unquoted(sql: string): string {
  let text = '';
  let from = 0;
  for (OPENER.lastIndex = 0; ; OPENER.lastIndex = from) {
    const opener = OPENER.exec(sql);
    if (!opener) return text + sql.slice(from);
    const [sign] = opener;
    const isComment = sign === '#' || sign === '--' || sign === '/*';
    text += `${sql.slice(from, opener.index)}${isComment ? ' ' : 'x'}`;
    from = endOf(sql, sign, opener.index + sign.length);
  }
}

/** The place behind what `sign` began; the end of the text where it is never closed. */
function endOf(sql: string, sign: string, start: number): number {
  if (sign === '#' || sign === '--') return behind(sql, '\n', start);
  if (sign === '/*') return behind(sql, '*/', start);
  let end = behind(sql, sign, start);
  if (sign === '`') return end;
  // A quote sign behind an odd number of backslashes does not close a text.
  while (end <= sql.length && isEscaped(sql, end - 1, start)) end = behind(sql, sign, end);
  return end;
}

function behind(sql: string, sign: string, start: number): number {
  const found = sql.indexOf(sign, start);
  return found < 0 ? sql.length + 1 : found + sign.length;
}

function isEscaped(sql: string, place: number, start: number): boolean {
  let before = place;
  while (before > start && sql[before - 1] === '\\') before--;
  return (place - before) % 2 === 1;
}
