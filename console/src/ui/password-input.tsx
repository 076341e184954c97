import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { IconButton } from "./icon-button";
import { Input } from "./input";

/** A password, to be seen on request: better than typing it twice. */
export function PasswordInput(props: Omit<ComponentProps<typeof Input>, "type" | "icon">) {
  const [isSeen, setSeen] = useState(false);
  return (
    <span className="relative block">
      <Input {...props} type={isSeen ? "text" : "password"} className="pr-9" />
      <IconButton
        label={isSeen ? "Hide password" : "Show password"}
        icon={isSeen ? <EyeOff /> : <Eye />}
        onClick={() => setSeen(!isSeen)}
        className="absolute inset-y-0 right-0"
      />
    </span>
  );
}
