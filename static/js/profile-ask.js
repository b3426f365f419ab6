// One question a screen: beginnings of sentences become buttons.
import { startStarters } from "./starters.js";

startStarters();
