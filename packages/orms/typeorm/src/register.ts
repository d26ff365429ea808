/**
 * Switches the configuration flag on: import it once, and every data source with
 * `extra: { lifeguard: true }` (or options) is guarded when it is initialized; with the environment
 * variable `LIFEGUARD=on` or `LIFEGUARD=observe`, every data source of MySQL and MariaDB is.
 */
import { honourFlag } from './flag.ts';

honourFlag();
