// An application on the packed packages: its pool goes stale while its event loop stands still.
/**
 * @param {{ mysql: typeof import('mysql2'), typeorm: typeof import('typeorm'),
 *   mysql2Guard: typeof import('@pool-lifeguard/mysql2'),
 *   typeormGuard: typeof import('@pool-lifeguard/typeorm'), url: string, guarded: boolean }} parts
 */
exports.run = async ({ mysql, typeorm, mysql2Guard, typeormGuard, url, guarded }) => {
  const pool = mysql.createPool({ uri: url, connectionLimit: 4 }).promise();
  const dataSource = new typeorm.DataSource({ type: 'mysql', url, poolSize: 4 });
  const handles = guarded ? [mysql2Guard.guard(pool), typeormGuard.guard(dataSource)] : [];
  await dataSource.initialize();
  const ask = () => [pool.query('SELECT 1'), dataSource.query('SELECT 1')];
  const askMany = async () => {
    const answers = await Promise.allSettled(Array.from({ length: 8 }, ask).flat());
    return answers.filter(({ status }) => status === 'rejected').length;
  };
  const before = await askMany();
  // The server's wait_timeout of 3 s has a grain of one second.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4500);
  const after = await askMany();
  const closed = handles.map((handle) => Object.values(handle.stats().closed).length > 0);
  await Promise.all([pool.end(), dataSource.destroy()]);
  process.stdout.write(JSON.stringify({ before, after, closed }));
};
