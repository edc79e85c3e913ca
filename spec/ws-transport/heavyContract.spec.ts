import { heavyContract } from '../tck/transportContract.ts';
import { connectionsOverWebSocket } from './contractPairs.ts';

heavyContract('WebSocket', connectionsOverWebSocket);
