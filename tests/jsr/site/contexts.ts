import { createContext } from "preact";

/** Provided by `_app`. */
export const AppContext = createContext("none");

/** Provided by `_layout`. */
export const LayoutContext = createContext("none");
