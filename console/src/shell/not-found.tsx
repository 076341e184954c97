import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/button";
import { AuthFrame } from "./auth-frame";

export function NotFound() {
  return (
    <AuthFrame
      title="There is no such page"
      description="The address may be mistyped, or what it led to is gone."
    >
      <Button asChild look="primary">
        <Link to="/">Go to the start</Link>
      </Button>
    </AuthFrame>
  );
}
