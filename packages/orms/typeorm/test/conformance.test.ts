import { conformance } from '@pool-lifeguard/testkit/conformance';
import { subject as dataSource } from './subjects/data-source.ts';

describe('data sources of TypeORM', () => conformance([dataSource]));
