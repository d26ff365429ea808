const missing = new Set<string>();

/** Notes that a flavour could not be tested, to be said once, after everything else. */
export function noteMissing(line: string): void {
  if (missing.size === 0) process.once('exit', sayMissing);
  missing.add(line);
}

function sayMissing(): void {
  for (const line of missing) process.stdout.write(`${line}\n`);
}
