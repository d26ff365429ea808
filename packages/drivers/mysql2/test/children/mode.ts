import { serveCommands } from '@pool-lifeguard/testkit';
import { see } from '../support/mode.ts';

serveCommands({ see });
