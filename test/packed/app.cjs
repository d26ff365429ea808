const { run } = require('./scenario.cjs');

void run({
  mysql: require('mysql2'),
  typeorm: require('typeorm'),
  mysql2Guard: require('@pool-lifeguard/mysql2'),
  typeormGuard: require('@pool-lifeguard/typeorm'),
  url: String(process.argv[2]),
  guarded: process.argv[3] === 'guarded',
});
