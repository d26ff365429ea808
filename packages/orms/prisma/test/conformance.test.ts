import { conformance } from '@pool-lifeguard/testkit/conformance';
import { subject as client } from './subjects/client.ts';

describe('clients of Prisma', () => conformance([client]));
