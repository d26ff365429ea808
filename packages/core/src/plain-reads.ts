import { statementsOf } from './sql-text.ts';

/** Functions that only compute; every other one might do something, or tell of the session. */
const FUNCTIONS = words(
  `abs acos ascii asin atan atan2 avg bin bit_and bit_count bit_or bit_xor cast ceil ceiling char
  char_length character_length coalesce concat concat_ws conv convert cos cot count crc32 curdate
  curtime date date_add date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear
  degrees elt exp export_set extract field find_in_set floor format from_base64 from_days
  from_unixtime greatest group_concat hex hour if ifnull insert instr interval isnull json_array
  json_arrayagg json_contains json_contains_path json_depth json_extract json_keys json_length
  json_object json_objectagg json_quote json_search json_type json_unquote json_valid last_day lcase
  least left length ln locate log log10 log2 lower lpad ltrim makedate maketime max md5 microsecond
  mid min minute mod month monthname now nullif oct octet_length ord period_add period_diff pi
  position pow power quarter quote radians repeat replace reverse right round rpad rtrim sec_to_time
  second sha sha1 sha2 sign sin space sqrt std stddev stddev_pop stddev_samp str_to_date strcmp subdate
  substr substring substring_index subtime sum sysdate tan time time_format time_to_sec timediff
  timestamp timestampadd timestampdiff to_base64 to_days to_seconds trim truncate ucase unhex
  unix_timestamp upper utc_date utc_time utc_timestamp values var_pop var_samp variance version week
  weekday weekofyear weight_string year yearweek`,
);

/** Words that may stand before a bracket, with or without a space, and call nothing. */
const KEYWORDS = words(
  `select from where and or not on as by having when then else between like exists any all some using
  distinct union except intersect case join with is xor div in over partition index key interval if
  values left right replace insert`,
);

const READS = /^[\s(]*(?:select|with|table|values)\b/i;
/**
 * Locks, files, variables and sequences, and everything that changes rows (behind a WITH). A word may
 * follow a number or a quoted name without a space.
 */
const DOES_MORE =
  /into\b|for\s+update|for\s+share|lock\s+in\s+share|\bprocedure\b|\binsert\b(?!\s*\()|\b(?:update|delete|call|nextval|sql_calc_found_rows)\b|(?:next|previous)\s+value\s+for|@|:=/i;
/** What servers read in different ways, by their version or `sql_mode`; then nothing is known. */
const AMBIGUOUS = /\/\*M?!|\\|\[|[^\P{Cc}\t\n\r]/u;

/**
 * Whether a text is one statement that only reads, whatever happens to it: no locking read, no INTO,
 * no variables, and no function that is not known to do nothing but compute. Read from the text
 * alone, so conservatively; a view that calls such a function shows nothing of it.
 */
export function isPlainRead(sql: string): boolean {
  if (AMBIGUOUS.test(sql)) return false;
  const [only = '', ...others] = statementsOf(sql);
  if (others.length > 0 || !READS.test(only) || DOES_MORE.test(only)) return false;
  for (let at = only.indexOf('('); at >= 0; at = only.indexOf('(', at + 1)) {
    if (!isHarmless(only, at)) return false;
  }
  return true;
}

/** So much before a bracket is read: names are shorter. */
const NEARBY = 128;
const NAME = /([\w$\u0080-\uffff]*)(\s*)$/;

/** What stands before a bracket: no name, a word of SQL, or a function that only computes. */
function isHarmless(sql: string, bracket: number): boolean {
  const nearby = sql.slice(Math.max(0, bracket - NEARBY), bracket);
  const [matched = '', name = '', space] = NAME.exec(nearby) ?? [];
  const before = nearby.slice(0, nearby.length - matched.length).trimEnd();
  // A name with an owner is a function of the user's own, and of one so far away nothing is known.
  if (before.endsWith('.') || (before === '' && bracket > NEARBY)) return false;
  // Not `toLowerCase()` alone, which takes signs of other alphabets for ours.
  if (!/^[a-z\d_]*$/i.test(name)) return false;
  const word = name.toLowerCase();
  return word === '' || KEYWORDS.has(word) || (space === '' && FUNCTIONS.has(word));
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
