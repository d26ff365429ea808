/**
 * Switches Lifeguard on without code: import it once, and with the environment variable
 * `LIFEGUARD=on` or `LIFEGUARD=observe` every driver adapter of MySQL and MariaDB is guarded.
 * Import it the way the application imports `@prisma/adapter-mariadb`, which has a copy of its own
 * for `import` and one for `require`.
 */
import { honourFlag } from './flag.ts';

honourFlag();
