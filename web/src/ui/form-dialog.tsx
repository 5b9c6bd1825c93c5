import { useId } from "react";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Form, FormProblem } from "./field.tsx";

interface FormDialogProps {
  title: React.ReactNode;
  description?: React.ReactNode;
  wide?: boolean;
  /** The verb on the button that sends it. */
  submit: React.ReactNode;
  cancel?: string;
  danger?: boolean;
  disabled?: boolean;
  busy: boolean;
  /** The error of the last try: fields with a matching `pointer` show their part. */
  problem: unknown;
  onSubmit: () => void;
  onClose: () => void;
  children: React.ReactNode;
}

/** A question with fields: they stand one under the other, the verb is always in reach, Ctrl or ⌘ with Enter sends it. */
export function FormDialog({
  title,
  description,
  wide = false,
  submit,
  cancel = "Cancel",
  danger = false,
  disabled = false,
  busy,
  problem,
  onSubmit,
  onClose,
  children,
}: FormDialogProps) {
  const formId = useId();
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      wide={wide}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {cancel}
          </Button>
          <Button
            type="submit"
            form={formId}
            variant={danger ? "danger" : "primary"}
            disabled={disabled}
            busy={busy}
          >
            {submit}
          </Button>
        </>
      }
    >
      <Form
        id={formId}
        problem={problem}
        onSubmit={onSubmit}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !disabled && !busy) onSubmit();
        }}
        className="flex flex-col gap-5"
      >
        <FormProblem problem={problem} />
        {children}
      </Form>
    </Dialog>
  );
}
