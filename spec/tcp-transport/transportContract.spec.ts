import { transportContract } from '../tck/transportContract.ts';
import { connectionsOver } from './contractPairs.ts';

transportContract('TCP', connectionsOver('tcp'));
transportContract('a Unix socket', connectionsOver('unix'));
transportContract('TLS', connectionsOver('tls'), ['plain']);
