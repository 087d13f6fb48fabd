import type { AppliedEdit } from "./file_edit.ts";
import type { ToolCall } from "./transcript.ts";

/** The call by which an agent makes an edit. */
export function editCall(folder: string, edit: AppliedEdit): ToolCall {
  const filePath = `${folder}/${edit.path}`;
  if (edit.before === null) {
    return {
      name: "Write",
      input: { file_path: filePath, content: edit.after },
      content: `File created successfully at: ${filePath}`,
      result: { type: "create", filePath, content: edit.after, structuredPatch: [] },
    };
  }
  const { oldText, newText, before, hunk } = edit;
  return {
    name: "Edit",
    input: {
      replace_all: false,
      file_path: filePath,
      old_string: oldText,
      new_string: newText,
    },
    content: `The file ${filePath} has been updated successfully.`,
    result: {
      filePath,
      oldString: oldText,
      newString: newText,
      originalFile: before,
      structuredPatch: [hunk],
      userModified: false,
      replaceAll: false,
    },
  };
}

/** The call by which an agent looks at a file. */
export function readCall(folder: string, file: { path: string; text: string }): ToolCall {
  const filePath = `${folder}/${file.path}`;
  const lines = file.text.replace(/\n$/, "").split("\n");
  return {
    name: "Read",
    input: { file_path: filePath },
    content: lines.map((line, i) => `${String(i + 1).padStart(6)}→${line}`).join("\n"),
    result: {
      type: "text",
      file: {
        filePath,
        content: file.text,
        numLines: lines.length,
        startLine: 1,
        totalLines: lines.length,
      },
    },
  };
}

/** A shell command with what it printed. */
export function shellCall(
  command: string,
  options: { description: string; stdout: string; more?: Record<string, unknown> },
): ToolCall {
  const { description, stdout, more = {} } = options;
  return {
    name: "Bash",
    input: { command, description },
    content: stdout,
    result: { stdout, stderr: "", interrupted: false, isImage: false, ...more },
  };
}
