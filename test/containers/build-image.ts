// Builds the image that the tests in containers run.
import { buildImage } from './compose.js';

await buildImage();
