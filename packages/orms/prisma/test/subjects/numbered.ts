/** Prisma gives more integers as big ones than the other drivers do. */
export function numbered(rows: unknown): unknown {
  if (!Array.isArray(rows)) return rows;
  return rows.map((row: object) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]: [string, unknown]) => [
        name,
        typeof value === 'bigint' ? Number(value) : value,
      ]),
    ),
  );
}
