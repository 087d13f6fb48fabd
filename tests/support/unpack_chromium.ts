// Unpacks the npm package's Chromium into the process's temporary folder; a process of its own, since that folder and
// the variable that adds the system libraries Chromium needs are the process's.
import chromium from "@sparticuz/chromium";

await chromium.executablePath();
