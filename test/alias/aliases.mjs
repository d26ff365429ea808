/**
 * Which installed packages stand in for the newest ones, so that the same test files can run
 * against every supported version of them: by variable, by its value, by package.
 *
 * @type {Record<string, Record<string, Record<string, string>>>}
 */
const stands = {
  LIFEGUARD_TEST_TYPEORM: { 0.3: { typeorm: 'typeorm-0.3' } },
  LIFEGUARD_TEST_MYSQL2: { oldest: { mysql2: 'mysql2-oldest' } },
  LIFEGUARD_TEST_MARIADB: { oldest: { mariadb: 'mariadb-oldest' } },
  LIFEGUARD_TEST_PRISMA: {
    6: {
      '@prisma/client': 'prisma-client-6',
      '@prisma/adapter-mariadb': 'prisma-adapter-mariadb-6',
    },
    6.13: {
      '@prisma/client': 'prisma-client-6.13',
      '@prisma/adapter-mariadb': 'prisma-adapter-mariadb-6.13',
    },
  },
};

/**
 * Reads the wished-for versions from the environment.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {Record<string, string>} from package name to the name of its stand-in
 */
export function aliasesFrom(env) {
  /** @type {Record<string, string>} */
  const aliases = {};
  for (const [variable, wishes] of Object.entries(stands)) {
    const wish = env[variable];
    if (!wish) continue;
    const stand = wishes[wish];
    if (!stand) {
      const allowed = Object.keys(wishes).join(', ');
      throw new Error(`${variable}=${wish} is not known; allowed: ${allowed}, or unset`);
    }
    Object.assign(aliases, stand);
  }
  return aliases;
}

/**
 * @param {string} specifier as written in an import or require
 * @param {Readonly<Record<string, string>>} aliases
 * @returns {string} the specifier to resolve instead, `typeorm/x` included
 */
export function applyAliases(specifier, aliases) {
  for (const [subject, stand] of Object.entries(aliases)) {
    if (specifier === subject) return stand;
    if (specifier.startsWith(`${subject}/`)) return stand + specifier.slice(subject.length);
  }
  return specifier;
}
